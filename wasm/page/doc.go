//go:build js && wasm

// Package page is what the person sees and does.
//
// Each view is a file and knows a few elements of index.html: it is told what
// to show by its methods and tells what the person did by the functions it was
// made with. No view knows another; [Page] stands between them.
//
//	status     where the call is, in words, and what happened
//	home       the keys of a phone at rest; how to allow notifications
//	dial       the dialog that takes a friend's card
//	card       the dialog that shows one's own
//	callView   who the call is with, its duration, hang up
//	messages   the conversation
//
// One goroutine owns them all. What the person does, what the phone reports
// and what an action results in are functions posted to its loop.
//
// The body's data-state and class say the same to the style sheet:
//
//	data-state   starting ready calling connecting connected reconnecting ended failed
//	class        "in-call" from the first ring to the end, and "talking" once it was connected
//
// What strangers say (names, texts, addresses in errors) gets into the
// document as text only.
package page
