package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// pairSize is how many browsers a call needs.
	pairSize = 2

	// browserTimeout is how long a browser may take to exit before it is killed,
	// and how long its helper processes may still write to the profile.
	browserTimeout = 5 * time.Second
)

// A browser is an installed browser.
type browser struct {
	name    string // firefox or chromium
	program string // its path
}

// programs returns the file names under which a browser may be installed.
func programs(name string) []string {
	switch name {
	case "firefox":
		return []string{"firefox", "firefox-esr"}
	case "chromium":
		return []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}
	}
	return nil
}

// chooseBrowsers returns the browsers to open for a list like
// "firefox,chromium": the installed ones, and the first of them twice if there is
// only one. It returns none for an empty list.
func chooseBrowsers(list string) ([]browser, error) {
	if list == "" {
		return nil, nil
	}
	var chosen []browser
	for name := range strings.SplitSeq(list, ",") {
		if programs(name) == nil {
			return nil, fmt.Errorf("%q is not a browser that --open knows; it knows firefox and chromium", name)
		}
		if program := lookUp(programs(name)); program != "" {
			chosen = append(chosen, browser{name, program})
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("--open finds none of %s here; install one, or open the page without it", list)
	}
	for len(chosen) < pairSize {
		chosen = append(chosen, chosen[0])
	}
	return chosen, nil
}

// lookUp returns the path of the first program that is installed, or "".
func lookUp(names []string) string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// openBrowsers opens the page in browsers that run until ctx is done or a
// person closes them. The returned group is done when all have exited and their
// profiles are removed.
func openBrowsers(ctx context.Context, browsers []browser, guide labGuide) *sync.WaitGroup {
	headless := !hasDisplay()
	if headless && len(browsers) > 0 {
		log.Print("There is no display here, so the browsers run without windows.")
	}
	var group sync.WaitGroup
	for _, b := range browsers {
		group.Go(func() {
			if err := b.run(ctx, guide, headless); err != nil {
				log.Printf("pushcall: %s: %v", b.name, err)
			}
		})
	}
	return &group
}

// hasDisplay reports whether windows can be opened: under X11 and Wayland an
// environment variable is set; Windows and macOS always have a display.
func hasDisplay() bool {
	switch runtime.GOOS {
	case "windows", "darwin":
		return true
	}
	return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}

// run runs the browser with a new profile until it exits.
func (b browser) run(ctx context.Context, guide labGuide, headless bool) error {
	profile, err := os.MkdirTemp("", "pushcall-"+b.name+"-")
	if err != nil {
		return err
	}
	var args []string
	switch b.name {
	case "firefox":
		args, err = firefoxArgs(profile, guide.Firefox.Prefs, headless)
	case "chromium":
		args = chromiumArgs(profile, guide.Chromium.Args, headless)
	}
	if err == nil {
		command := exec.CommandContext(ctx, b.program, append(args, guide.Page)...)
		command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
		command.WaitDelay = browserTimeout
		err = command.Run()
	}
	if ctx.Err() != nil {
		err = nil // it was stopped on purpose
	}
	return errors.Join(err, removeProfile(profile))
}

// removeProfile removes a profile. It retries for browserTimeout, since a browser's
// helper processes may outlive it and write into the folder.
func removeProfile(dir string) error {
	deadline := time.Now().Add(browserTimeout)
	for {
		err := os.RemoveAll(dir)
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(browserTimeout / 100)
	}
}

// firefoxArgs prepares a profile and returns the arguments to start Firefox with.
func firefoxArgs(profile string, prefs map[string]any, headless bool) ([]string, error) {
	prefs = maps.Clone(prefs)
	maps.Copy(prefs, map[string]any{
		// Skip the pages and questions of a first start.
		"browser.aboutwelcome.enabled":                    false,
		"browser.preonboarding.enabled":                   false,
		"browser.shell.checkDefaultBrowser":               false,
		"browser.startup.homepage_override.mstone":        "ignore",
		"datareporting.policy.dataSubmissionEnabled":      false,
		"datareporting.policy.dataSubmissionPolicyBypass": true,
		"termsofuse.bypassNotification":                   true,
	})
	args := []string{"--no-remote", "--profile", profile}
	if headless {
		args = append(args, "--headless")
		prefs["alerts.useSystemBackend"] = false // notifications without D-Bus
	}
	return args, os.WriteFile(filepath.Join(profile, "user.js"), []byte(userPrefs(prefs)), 0o600)
}

// userPrefs returns preferences as the lines of a user.js, sorted.
func userPrefs(prefs map[string]any) string {
	var lines strings.Builder
	for _, name := range slices.Sorted(maps.Keys(prefs)) {
		value, err := json.Marshal(prefs[name])
		if err != nil {
			panic("pushcall: internal error: " + err.Error())
		}
		fmt.Fprintf(&lines, "user_pref(%q, %s);\n", name, value)
	}
	return lines.String()
}

// chromiumArgs returns the arguments to start Chromium with.
func chromiumArgs(profile string, lab []string, headless bool) []string {
	args := append([]string{
		"--user-data-dir=" + profile,
		"--no-first-run",
		"--no-default-browser-check",
		"--disable-component-update",
		"--disable-sync",
		"--password-store=basic", // do not ask for a keyring's password
	}, lab...)
	if headless {
		args = append(args, "--headless=new")
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium refuses to run as root with its sandbox
	}
	return args
}
