// These tests run on pion/ice as well as on what stands in for it.
package ice_test

import (
	"testing"

	"github.com/pion/ice/v2"
)

func TestConstants(t *testing.T) {
	for name, pair := range map[string][2]string{
		"host":        {ice.CandidateTypeHost.String(), "host"},
		"srflx":       {ice.CandidateTypeServerReflexive.String(), "srflx"},
		"prflx":       {ice.CandidateTypePeerReflexive.String(), "prflx"},
		"relay":       {ice.CandidateTypeRelay.String(), "relay"},
		"no type":     {ice.CandidateType(0).String(), "Unknown candidate type"},
		"udp4":        {ice.NetworkTypeUDP4.String(), "udp4"},
		"udp6":        {ice.NetworkTypeUDP6.String(), "udp6"},
		"tcp4":        {ice.NetworkTypeTCP4.String(), "tcp4"},
		"tcp6":        {ice.NetworkTypeTCP6.String(), "tcp6"},
		"no network":  {ice.NetworkType(0).String(), "Unknown"},
		"udp":         {ice.NetworkTypeUDP6.NetworkShort(), "udp"},
		"tcp":         {ice.NetworkTypeTCP6.NetworkShort(), "tcp"},
		"nothing":     {ice.NetworkType(0).NetworkShort(), "Unknown"},
		"active":      {ice.NewTCPType("Active").String(), "active"},
		"passive":     {ice.NewTCPType("passive").String(), "passive"},
		"so":          {ice.NewTCPType("so").String(), "so"},
		"unspecified": {ice.NewTCPType("other").String(), ""},
		"no TCP type": {ice.TCPType(9).String(), "Unknown"},
		"waiting":     {ice.CandidatePairState(ice.CandidatePairStateWaiting).String(), "waiting"},
		"in-progress": {ice.CandidatePairState(ice.CandidatePairStateInProgress).String(), "in-progress"},
		"failed":      {ice.CandidatePairState(ice.CandidatePairStateFailed).String(), "failed"},
		"succeeded":   {ice.CandidatePairState(ice.CandidatePairStateSucceeded).String(), "succeeded"},
		"no state":    {ice.CandidatePairState(0).String(), "Unknown candidate pair state"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %q", name, pair[0])
		}
	}
	if ice.ConnectionStateNew != 1 || ice.ConnectionStateClosed != 7 {
		t.Error("states are numbered otherwise")
	}
}

func TestParseURL(t *testing.T) {
	for text, want := range map[string]ice.SchemeType{
		"stun:example.com":                      ice.SchemeTypeSTUN,
		"stun:example.com:3478":                 ice.SchemeTypeSTUN,
		"STUN:192.0.2.1":                        ice.SchemeTypeSTUN,
		"stun:[2001:db8::1]:3478":               ice.SchemeTypeSTUN,
		"stun:[2001:db8::1]":                    ice.SchemeTypeSTUN,
		"stuns:example.com":                     ice.SchemeTypeSTUNS,
		"turn:example.com":                      ice.SchemeTypeTURN,
		"turn:example.com:3478?transport=udp":   ice.SchemeTypeTURN,
		"turns:example.com:5349?transport=tcp":  ice.SchemeTypeTURNS,
		"turns:[2001:db8::1]:443?transport=tcp": ice.SchemeTypeTURNS,
	} {
		if u, err := ice.ParseURL(text); err != nil || u.Scheme != want {
			t.Errorf("%s: %v, %v", text, u, err)
		}
	}
	for _, text := range []string{
		"",
		"example.com",
		"https://example.com",
		":stun",
		"stun:",
		"stun:?",
		"stun://example.com",
		"stun::3478",
		"stun:example.com:",
		"stun:example.com:x",
		"stun:2001:db8::1",
		"stun:[2001:db8::1",
		"stun:example.com?transport=udp",
		"stuns:example.com?transport=tcp",
		"turn:example.com?transport=sctp",
		"turn:example.com?transport=",
		"turn:example.com?other=udp",
		"turn:example.com?transport=%zz",
		"turn:a.test?transport=udp&more=1",
	} {
		if u, err := ice.ParseURL(text); err == nil {
			t.Errorf("%s is %v", text, u)
		}
	}
}

// Candidates as browsers write them, and as pion does.
func TestCandidates(t *testing.T) {
	for _, test := range []struct{ text, marshaled, printed string }{
		{
			"750 1 udp 500 2001:db8::1 53987 typ host", "",
			"udp6 host [2001:db8::1]:53987",
		},
		{
			"842163049 1 udp 1677729535 192.0.2.1 53991 typ srflx raddr 0.0.0.0 rport 0 generation 0 ufrag Kx3a network-cost 999",
			"842163049 1 udp 1677729535 192.0.2.1 53991 typ srflx",
			"udp4 srflx 192.0.2.1:53991 related 0.0.0.0:0",
		},
		{
			"3 1 UDP 1686052863 192.0.2.1 53991 typ srflx raddr 10.0.0.1 rport 65535",
			"3 1 udp 1686052863 192.0.2.1 53991 typ srflx raddr 10.0.0.1 rport 65535",
			"udp4 srflx 192.0.2.1:53991 related 10.0.0.1:65535",
		},
		{
			"4 1 tcp 1518149375 192.0.2.1 9 typ prflx raddr 10.0.0.1 rport 9", "",
			"tcp4 prflx 192.0.2.1:9 related 10.0.0.1:9",
		},
		{
			"0 2 udp 8331263 2001:db8::2 0 typ relay raddr 2001:db8::1 rport 1", "",
			"udp6 relay [2001:db8::2]:0 related 2001:db8::1:1",
		},
		{
			"1052353102 1 tcp 2128609279 192.0.2.1 9 typ host tcptype active", "",
			"tcp4 host 192.0.2.1:9",
		},
		{
			"1 1 udp 2113937151 e2494022-4d9a-4c1e-a750-cc48d4f8d6ee.local 60542 typ host generation 0 network-id 1",
			"1 1 udp 2113937151 e2494022-4d9a-4c1e-a750-cc48d4f8d6ee.local 60542 typ host",
			"udp4 host e2494022-4d9a-4c1e-a750-cc48d4f8d6ee.local:60542",
		},
		{
			"750 0 udp 500 fe80::1%eth0 53987 typ host",
			"750 0 udp 500 fe80::1 53987 typ host",
			"udp6 host [fe80::1]:53987",
		},
		{
			" 1 udp 500 127.0.0.1 80 typ host", "",
			"udp4 host 127.0.0.1:80",
		},
	} {
		c, err := ice.UnmarshalCandidate(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if test.marshaled == "" {
			test.marshaled = test.text
		}
		if got := c.Marshal(); got != test.marshaled {
			t.Errorf("got  %s\nwant %s", got, test.marshaled)
		}
		if got := c.String(); got != test.printed {
			t.Errorf("got  %s\nwant %s", got, test.printed)
		}
	}
}

func TestBrokenCandidates(t *testing.T) {
	for _, text := range []string{
		"",
		"1938809241",
		"1 1 udp 500 192.0.2.1 5363 typ",
		"1 65536 udp 500 192.0.2.1 53634 typ host",
		"1 x udp 500 192.0.2.1 53634 typ host",
		"1 1 udp 4294967296 192.0.2.1 53634 typ host",
		"1 1 udp x 192.0.2.1 53634 typ host",
		"1 1 udp 500 192.0.2.1 65536 typ host",
		"1 1 udp 500 192.0.2.1 -1 typ host",
		"1 1 udp 500 192.0.2.1 53991 typ srflx raddr",
		"1 1 udp 500 192.0.2.1 53991 typ srflx raddr 10.0.0.1 rport",
		"1 1 udp 500 192.0.2.1 53991 typ srflx raddr 10.0.0.1 rport 1e4",
		"1 1 udp 500 192.0.2.1 53991 typ relay raddr 10.0.0.1 rport -0",
		"1 1 tcp 500 192.0.2.1 53991 typ host tcptype",
		"1 1 udp 500 192.0.2.1 53634 typ other",
		"1 1 sctp 500 192.0.2.1 53634 typ host",
		"1 1 udp 500 example.com 53634 typ host",
		"1 1 udp 500 a.local 53634 typ srflx raddr 10.0.0.1 rport 1",
		"1 1 udp 500 192.0.2.256 1 typ prflx raddr 10.0.0.1 rport 1",
	} {
		if _, err := ice.UnmarshalCandidate(text); err == nil {
			t.Errorf("%q is a candidate", text)
		}
	}
}

// What a candidate is made without is computed.
func TestDefaults(t *testing.T) {
	marshal := func(c interface{ Marshal() string }, err error) string {
		if err != nil {
			t.Error(err)
			return ""
		}
		return c.Marshal()
	}
	host := func(network, address, tcpType string) string {
		return marshal(ice.NewCandidateHost(&ice.CandidateHostConfig{
			Network: network, Address: address, Port: 80, Component: 1, TCPType: ice.NewTCPType(tcpType),
		}))
	}
	for _, test := range []struct{ got, want string }{
		{host("udp", "10.0.75.1", ""), "4273957277 1 udp 2130706431 10.0.75.1 80 typ host"},
		{host("udp", "2001:db8::1", ""), "580341139 1 udp 2130706431 2001:db8::1 80 typ host"},
		{host("udp", "a.local", ""), "3951890299 1 udp 2130706431 a.local 80 typ host"},
		{host("tcp", "192.168.0.196", ""), "1052353102 1 tcp 1663041535 192.168.0.196 80 typ host"},
		{host("tcp", "192.168.0.196", "active"), "1052353102 1 tcp 1675624447 192.168.0.196 80 typ host tcptype active"},
		{host("tcp", "192.168.0.196", "passive"), "1052353102 1 tcp 1671430143 192.168.0.196 80 typ host tcptype passive"},
		{host("tcp", "2001:db8::1", "so"), "2674146419 1 tcp 1667235839 2001:db8::1 80 typ host tcptype so"},
		{marshal(ice.NewCandidateServerReflexive(&ice.CandidateServerReflexiveConfig{
			Network: "udp", Address: "191.228.238.68", Port: 53991, Component: 1, RelAddr: "192.168.0.1", RelPort: 53991,
		})), "647372371 1 udp 1694498815 191.228.238.68 53991 typ srflx raddr 192.168.0.1 rport 53991"},
		{marshal(ice.NewCandidatePeerReflexive(&ice.CandidatePeerReflexiveConfig{
			Network: "tcp", Address: "192.0.2.1", Port: 1, Component: 2, RelAddr: "192.168.0.1", RelPort: 1,
		})), "616195947 2 tcp 1394606078 192.0.2.1 1 typ prflx raddr 192.168.0.1 rport 1"},
		{marshal(ice.NewCandidateRelay(&ice.CandidateRelayConfig{
			Network: "udp", Address: "50.0.0.1", Port: 5000, Component: 1, RelAddr: "192.168.0.1", RelPort: 5001,
		})), "848194626 1 udp 16777215 50.0.0.1 5000 typ relay raddr 192.168.0.1 rport 5001"},
		{marshal(ice.NewCandidateRelay(&ice.CandidateRelayConfig{
			Network: "tcp", Address: "50.0.0.1", Port: 5000, Component: 1,
		})), "2407341474 1 tcp 2097151 50.0.0.1 5000 typ relay"},
	} {
		if test.got != test.want {
			t.Errorf("got  %s\nwant %s", test.got, test.want)
		}
	}
}

func TestIdentifier(t *testing.T) {
	c, err := ice.NewCandidateRelay(&ice.CandidateRelayConfig{CandidateID: "id", Network: "udp", Address: "192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	if c.ID() != "id" || c.Type() != ice.CandidateTypeRelay || c.RelatedAddress() == nil {
		t.Errorf("%q, %s, %v", c.ID(), c.Type(), c.RelatedAddress())
	}
}
