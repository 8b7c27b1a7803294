package app

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"pushcall/call"
)

// Installing says how the person can install the page in this browser.
type Installing uint8

const (
	// InstallNot is for a page that is installed, or cannot be.
	InstallNot Installing = iota
	// InstallPrompt is for a browser that asks the person when the page wants it to.
	InstallPrompt
	// InstallShare is for one that has it among the ways to share the page: on iOS,
	// where calls ring only in an installed page.
	InstallShare
	// InstallMenu is for one that has it in its menu: Firefox on Android.
	InstallMenu
)

// Installer installs the page.
type Installer interface {
	// Installing returns how that goes now.
	Installing() Installing
	// Install has the browser ask the person, where it is InstallPrompt, and tells
	// whether they agreed. It must follow a person's action closely.
	Install(ctx context.Context) (bool, error)
}

const (
	settingDeclined = "installDeclined" // how often the person has, and when they last did, in Unix seconds

	declinedRest = 30 * 24 * time.Hour // after which it may be offered again
	maxDeclined  = 2                   // times, after which it is not
)

// Installation offers to install the page: when a call was good and is over, since an
// installed page rings more reliably; where no call rings without it, at once.
type Installation struct {
	*common
	offered bool // on this visit; the storage loop owns it
}

// begin offers what the person needs in order to be called at all.
func (i *Installation) begin(ctx context.Context) {
	if i.config.Install.Installing() == InstallShare && CallsOff(i.config.Push.Permission()) {
		i.storage.Post(func() { i.offer(ctx) })
	}
}

// follow offers it after a call that was connected. It runs on the phone's loop.
func (i *Installation) follow(c call.Call) {
	if c.State == call.Ended && !c.Since.IsZero() {
		i.storage.Post(func() { i.offer(i.storage.Context()) })
	}
}

// offer offers it once a visit. It runs on the storage loop.
func (i *Installation) offer(ctx context.Context) {
	notice, can := map[Installing]Notice{InstallPrompt: NoticeInstall, InstallShare: NoticeInstallShare, InstallMenu: NoticeInstallMenu}[i.config.Install.Installing()]
	if !can || i.offered {
		return
	}
	times, last, err := i.declined(ctx)
	i.logError(err)
	if times < maxDeclined && time.Since(last) >= declinedRest {
		i.offered = true
		i.view.ShowNotice(notice)
	}
}

// declined returns how often the person has declined, and when they last did.
func (i *Installation) declined(ctx context.Context) (times int, last time.Time, err error) {
	text, err := i.config.Store.String(ctx, settingDeclined)
	if text == "" || err != nil {
		return 0, time.Time{}, err
	}
	count, at, _ := strings.Cut(text, " ")
	times, err = strconv.Atoi(count)
	if err != nil {
		return maxDeclined, time.Time{}, err
	}
	seconds, err := strconv.ParseInt(at, 10, 64)
	return times, time.Unix(seconds, 0), err
}

// Install installs the page, after an offer with NoticeInstall.
func (i *Installation) Install(ctx context.Context) error {
	agreed, err := i.config.Install.Install(ctx)
	if err != nil || agreed {
		return err
	}
	return i.Decline(ctx)
}

// Decline saves that the person does not want it, for now.
func (i *Installation) Decline(ctx context.Context) error {
	times, _, err := i.declined(ctx)
	i.logError(err)
	return i.config.Store.SetString(ctx, settingDeclined, fmt.Sprint(times+1, " ", time.Now().Unix()))
}
