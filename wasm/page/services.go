//go:build js && wasm

package page

import (
	"pushcall/app"
	"pushcall/wasm/browser"
)

// services are the parts of the application that the page asks, each by as much as
// its views need. Their methods that take a context may block, for permission
// prompts and the network: the page calls them on goroutines of its own, never in a
// callback. The others return at once.
type services struct {
	line          phoneLine
	dialer        dialer
	book          book
	preferences   preferences
	conversations conversations
	receiver      receiver
	studio        studio
	servers       servers
	archiver      archiver
	tester        lineTester
	announcer     announcer
	installation  installation
	sharer        sharing
	useHere       func() // takes the line from the tab that has it
	meter         qualityMeter
	persistence   persistence
}

func servicesOf(a *app.App, media *browser.Media) services {
	return services{
		line: a.Line, dialer: a.Calls, book: a.Contacts, preferences: a.Preferences,
		conversations: a.Conversations, receiver: a.Files, studio: a.Studio, servers: a.Servers,
		archiver: a.Archiver, tester: a.LineTest, announcer: a.Announcer, installation: a.Installation, sharer: a.Sharing, useHere: a.UseHere, meter: media, persistence: a.Persistence,
	}
}
