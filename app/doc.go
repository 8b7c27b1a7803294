// Package app is the application without JavaScript: everything that the page does
// and that can be decided without a browser. It runs the same in a page, in a native
// peer and in tests in virtual time.
//
// An [App] is the application in one tab. It has a part for each concern, a file
// each, and each part names what it needs of the browser in an interface beside it:
//
//	Line            this browser's card: key, subscription, repair          PushManager
//	Announcer       tells friends what the card is now
//	Calls           dial, answer, hang up                                   Sender
//	Contacts        the phone book, and its store                           BookStore
//	Conversations   texts of calls, and their store                         TextStore
//	Studio          captures microphone, camera and screen                  Devices
//	Files           sends files, and saves those that have come             Folder
//	Preferences     settings                                                SettingsStore, Language
//	Servers         ICE servers and relays, and which of them work          Peers
//	Archiver        export, import, and the move to another browser         Vault, MoveStore
//	LineTest        a push message to this browser itself
//	Persistence     asks the browser not to delete what is stored           StorageManager
//	Reachability    whether there is a network, and a relay                 Network
//	Sharing         sends what another program has shared with the page
//	Installation    offers to install the page                              Installer
//	inbox           gives the phone what the service worker has stored      InboxStore
//	notifications   takes the place of the service worker's notifications   Notifier
//	returning       offers the way back into a call that its page has lost
//	holding         screen, vibration, and what would be lost with the page Handset
//
// This is how they hang together in a call:
//
//	service worker ──► InboxStore ──► inbox ──► call.Phone ◄── Calls ◄── the person
//	      └────────────── Deliver ──────▲         │  ▲  │
//	                                              │  │  └──► Sender ──► push service
//	                        Line.Card, Contacts ──┼──┘
//	                                              ▼ onCall, onText, onFile, …
//	             View ◄── Contacts, Conversations, Files, Studio, notifications
//	                           │
//	                           ▼ storage loop
//	                         Store
//
// All tabs of a browser share a [Store]; one of them has the line, by a [LineLock],
// and its phone is the one that rings. [App.Run] hands it over: handover.go.
//
// Who owns which goroutine, and which state:
//
//	App.Run         the caller's goroutine: waits for the line, and for its loss
//	call.Phone      a loop: the call. Its On… functions run there, and only post
//	storage loop    all writes to the store that follow from a call or from a press, in
//	                order, and the state of Conversations; beside it run, until
//	                Close: inbox.receive, Announcer.maintainLine and Reachability.watch
//	                for as long as this tab has the line, one goroutine for each
//	                notification, picture and file that is saved
//	Studio's loop   its sources; beside it run the captures that a browser may ask the
//	                person about
//
// All else is called by the view, on goroutines of its own.
package app
