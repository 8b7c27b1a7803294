package app

import (
	"context"
	"time"

	"pushcall/call"
)

// View shows the application to the person. Its methods do not block, and are
// called from any goroutine.
type View interface {
	CallView
	ReturnView
	LineView
	BookView
	TextView
	FileView
	SendingView
	ReachView
	ToneView
	WaitingView
}

// CallView shows the call.
type CallView interface {
	// ShowCall shows where the call is.
	ShowCall(call.Call)
	// Hold draws nothing until ctx ends, for d at most.
	Hold(ctx context.Context, d time.Duration)
}

// Notice is something that happened without the person.
type Notice uint8

const (
	// NoticeStoreLacks says that a part of what this browser has stored cannot be
	// read.
	NoticeStoreLacks Notice = iota
	// NoticeLineRepaired says that the browser had dropped the subscription
	// and that there is a new one.
	NoticeLineRepaired
	// NoticeOutdated says that a newer version of the page is open in another
	// tab, and that this one saves nothing any more.
	NoticeOutdated
	// NoticeInstall offers to install the page, by a press; NoticeInstallShare and
	// NoticeInstallMenu say how to: see Installing.
	NoticeInstall
	NoticeInstallShare
	NoticeInstallMenu
)
