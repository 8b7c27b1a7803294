package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"pushcall/relay/conformance"
)

// TestConformance runs the relay's conformance tests against pushcall relay.
func TestConformance(t *testing.T) {
	conformance.Run(t, conformance.Form{
		Start:  startRelay,
		Client: func(header http.Header, address string) { header.Set("X-Forwarded-For", "192.0.2.1, "+address) },
		Misset: misset,
	})
}

func startRelay(t *testing.T, s conformance.Setup) conformance.Relay {
	args := []string{"relay", "--addr", "127.0.0.1:0", "--rate", fmt.Sprint(s.Rate), "--burst", fmt.Sprint(s.Burst),
		"--concurrent", fmt.Sprint(s.Concurrent), "--timeout", s.Timeout.String()}
	for _, place := range conformance.Places() {
		args = append(args, "--resolve", place+":"+s.Service.Address)
	}
	for _, host := range s.Allow {
		args = append(args, "--allow-host", host)
	}
	for _, origin := range s.Origins {
		args = append(args, "--origin", origin)
	}
	if s.Behind {
		args = append(args, "--behind", "127.0.0.0/8")
	}
	command := pushcall(t, args...)
	if !s.Distrust {
		command.Env = append(command.Env, "SSL_CERT_FILE="+s.Service.Authority)
	}
	command.Cancel = func() error { return os.ErrProcessDone } // it ends after the test does, and by itself
	p := start(t, command)
	return conformance.Relay{
		Address: strings.TrimSuffix(strings.TrimPrefix(p.url, "http://"), "/"),
		Said: func() string {
			p.stop(t) // which checks that it has said nothing
			return p.stderr.String()
		},
	}
}

// misset runs pushcall relay with an invalid setting, so that it ends at its start.
func misset(t *testing.T, setting conformance.Setting, value string) (name, told string) {
	name = map[conformance.Setting]string{conformance.Allow: "-allow-host", conformance.Trust: "-behind"}[setting]
	if name == "" {
		name = "-" + string(setting)
	}
	output, err := pushcall(t, "relay", "--addr", "127.0.0.1:0", name, value).CombinedOutput()
	if err == nil || strings.Count(string(output), "\n") != 1 {
		t.Errorf("it ends with %v: %s", err, output)
	}
	return name, string(output)
}
