package signaling

import "testing"

func TestMayTry(t *testing.T) {
	for attribute, want := range map[string]bool{
		"candidate:1 1 udp 255 192.0.2.1 9 typ host":                                              true,
		"candidate:1 1 udp 255 192.168.0.7 50000 typ host":                                        true, // a friend in the same network
		"candidate:1 1 udp 255 2d0ad9f4-5a1b-4c5e-9d3b-1f2e3d4c5b6a.local 50000 typ host":         true,
		"1 1 udp 255 2001:db8::1 9 typ srflx raddr :: rport 0":                                    true,
		"candidate:1 1 tcp 255 198.51.100.9 443 typ relay raddr 0.0.0.0 rport 0 tcptype passive":  true,
		"candidate:1 1 tcp 255 192.168.0.1 80 typ host tcptype passive":                           false,
		"candidate:1 1 tcp 255 10.1.2.3 22 typ srflx raddr 0.0.0.0 rport 0 tcptype passive":       false,
		"candidate:1 1 tcp 255 172.16.0.1 22 typ host tcptype so":                                 false,
		"candidate:1 1 tcp 255 127.0.0.1 631 typ host tcptype passive":                            false,
		"candidate:1 1 tcp 255 169.254.169.254 80 typ host tcptype passive":                       false,
		"candidate:1 1 tcp 255 ::ffff:192.168.0.1 80 typ host tcptype passive":                    false,
		"candidate:1 1 tcp 255 fd00::1 80 typ host tcptype passive":                               false,
		"candidate:1 1 tcp 255 fe80::1 80 typ host tcptype passive":                               false,
		"candidate:1 1 tcp 255 2d0ad9f4-5a1b-4c5e-9d3b-1f2e3d4c5b6a.local 80 typ host tcptype so": false,
		"candidate:1 1 tcp 255 198.51.100.9 9 typ host tcptype active":                            false, // nothing to try
		"candidate:1 1 udp 255 intranet.example.net 80 typ host":                                  false, // a name to be looked up
		"candidate:1 1 udp 255 router.local 80 typ host":                                          false,
		"candidate:1 1 udp 255 224.0.0.251 5353 typ host":                                         false,
		"candidate:1 1 udp 255 0.0.0.0 80 typ host":                                               false,
		"candidate:1 1 udp 255 fe80::1%eth0 80 typ host":                                          false,
		"candidate:1 2 udp 255 192.0.2.1 9 typ host":                                              false,
		"candidate:1 1 udp 255 192.0.2.1 0 typ host":                                              false,
		"candidate:1": false,
		"":            false,
	} {
		if got := MayTry(attribute); got != want {
			t.Errorf("%q may be tried: %v", attribute, got)
		}
	}
}
