package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"

	"pushcall/internal/pushlab"
	"pushcall/internal/site"
	"pushcall/relay"
)

// labConfig replaces the page's web/config.json: it has the lab's own relay, and no
// ICE servers, so that browsers contact this machine only.
const labConfig = `{"relays":["relay"],"iceServers":[]}`

// labCommand serves the page, the relay, and push services for the browsers of this
// machine.
func labCommand(ctx context.Context, args []string) error {
	flags := newFlags("lab")
	address := flags.String("addr", "localhost:8080", "`host:port` to listen at for the page")
	dir := flags.String("dir", "", "`folder` with the built page; unset: the one in this program, or else "+builtDir)
	configFile := flags.String("config", "", "`file` in place of the page's web/config.json; unset: the lab's relay, and no ICE servers")
	asJSON := flags.Bool("json", false, "print one line of JSON when everything listens: page, control,\n"+
		"and what a browser needs to use the lab: firefox.prefs, chromium.args")
	open := flags.String("open", "", "open the page in two throw-away browsers, any of `firefox,chromium`")
	faults := flags.String("faults", "", "let push messages go wrong by chance, for instance\n"+
		"`seed=7,drop=0.1,delay=0.2,ms=800`: probabilities of none, drop, expire, delay, reorder,\n"+
		"duplicate, 404, 410, 413, 429, 500, reset and slow; the milliseconds that delay, reorder\n"+
		"and slow take (ms=1000); the seconds of a 429 (retryAfter=1). The same seed gives the\n"+
		"same faults; without one it is chosen and printed. The control address takes them too:\n"+
		"go doc pushcall/internal/pushlab")
	var limit relay.Limit
	addLimitFlags(flags, &limit)
	if err := parse(flags, args); err != nil {
		return err
	}
	if err := checkLimit(limit); err != nil {
		return err
	}
	config, err := readConfig(*configFile)
	if err != nil {
		return err
	}
	if config == nil {
		config = []byte(labConfig)
	}
	page, err := siteHandler(*dir, site.Options{Config: config, Local: true})
	if err != nil {
		return err
	}
	browsers, err := chooseBrowsers(*open)
	if err != nil {
		return err
	}
	schedule, err := chooseFaults(*faults)
	if err != nil {
		return err
	}
	listener, err := listen(ctx, *address, "--addr")
	if err != nil {
		return err
	}
	defer listener.Close()
	lab, err := pushlab.Start()
	if err != nil {
		return err
	}
	defer lab.Close()
	carrier, err := labRelay(lab)
	if err != nil {
		return err
	}
	carrier.Limit = limit

	guide := labGuide{Page: browserURL(listener, *address), Control: lab.Control()}
	if *faults != "" {
		if schedule, err = lab.Faults().Follow(schedule); err != nil {
			return err
		}
		guide.Faults = schedule.String()
	}
	guide.Firefox.Prefs, guide.Chromium.Args = lab.FirefoxPrefs(), lab.ChromiumArgs()
	print := guide.printForPeople
	if *asJSON {
		print = guide.printJSON
	}
	if err := print(os.Stdout); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	opened := openBrowsers(ctx, browsers, guide)
	defer opened.Wait()
	defer cancel()
	return serve(ctx, listener, withRelay(page, carrier), nil)
}

// chooseFaults parses the schedule of --faults; it is empty if text is.
func chooseFaults(text string) (pushlab.Schedule, error) {
	if text == "" {
		return pushlab.Schedule{}, nil
	}
	schedule, err := pushlab.ParseSchedule(text)
	if err != nil {
		return schedule, fmt.Errorf("--faults: %w", err)
	}
	return schedule, nil
}

// labRelay returns a relay that connects to the lab instead of Google's service, and
// trusts the lab's certificate.
func labRelay(lab *pushlab.Lab) (*relay.Handler, error) {
	hosts := make(resolution)
	for host, address := range lab.Addresses() {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return nil, err
		}
		hosts[host] = []netip.AddrPort{to}
	}
	carrier := newRelay(hosts)
	carrier.Roots = x509.NewCertPool()
	carrier.Roots.AddCert(lab.Authority())
	return carrier, nil
}

// labGuide has the addresses of a lab and the settings with which browsers use it.
type labGuide struct {
	Page    string `json:"page"`
	Control string `json:"control"`
	Faults  string `json:"faults,omitempty"` // in the format of --faults, with the seed
	Firefox struct {
		Prefs map[string]any `json:"prefs"`
	} `json:"firefox"`
	Chromium struct {
		Args []string `json:"args"`
	} `json:"chromium"`
}

func (g labGuide) printJSON(w io.Writer) error {
	return json.NewEncoder(w).Encode(g)
}

func (g labGuide) printForPeople(w io.Writer) error {
	var args strings.Builder
	for _, arg := range g.Chromium.Args {
		fmt.Fprintf(&args, " \\\n      '%s'", arg) // they have spaces, but no quotes
	}
	var faults string
	if g.Faults != "" {
		faults = "\nPush messages go wrong as --faults " + g.Faults + " says, and will again\n"
	}
	_, err := fmt.Fprintf(w, `The page is at %[1]s
What is pushed can be seen at %[2]s/messages
%[5]s
Browsers have to be told of the lab's push services. Two that are told, with
profiles that are thrown away at the end: pushcall lab --open firefox,chromium
Your own, with new profiles:

  Firefox, with these lines in the profile's user.js:
%[3]s
  Chromium, started like this:
    chromium --user-data-dir="$(mktemp -d)"%[4]s \
      %[1]s
`, g.Page, g.Control, indent(userPrefs(g.Firefox.Prefs)), args.String(), faults)
	return err
}

// indent puts four spaces before every line.
func indent(lines string) string {
	return "    " + strings.ReplaceAll(strings.TrimSuffix(lines, "\n"), "\n", "\n    ") + "\n"
}
