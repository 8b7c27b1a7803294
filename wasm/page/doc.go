//go:build js && wasm

// Package page is what the person sees and does.
//
// Each view is a file and knows a few elements of index.html: it is told what
// to show by its methods and tells what the person did by the functions it was
// made with. No view knows another; [Page] stands between them.
//
//	window     what shows of the page where only its tab does
//	status     where the call is, in words, and what happened
//	home       the keys of a phone at rest; how to allow notifications
//	guide      the steps of the first use
//	elsewhere  the page keeps still, because another tab has the line
//	back       the way back into a call that its page has lost
//	notices    what happened without the person
//	contacts   the people who can be called
//	calls      the calls there were
//	ring       the dialog of a call that rings here
//	preview    in it, the person to themselves before they answer with video
//	dial       the dialog that takes a friend's card
//	scan       the dialog of the camera that reads a friend's code
//	save       the dialog that gives somebody a name
//	card       the dialog that shows one's own card, and hands it on
//	invite     the dialog that a friend's link opens
//	address    the dialog that asks which address of a contact is called
//	settings   the dialog of what the person decides, and in it
//	connection servers and a relay of the person's own,
//	waytest    a test of the ways to this browser,
//	linetest   a test of the line,
//	number     a new number,
//	erase      the end of all messages,
//	stored     whether the browser keeps them, and
//	moving     contacts, calls and messages in a file
//	importing  the dialog that asks before a file is taken in
//	safety     the dialog of the words that two people compare
//	callView   who the call is with, its duration, hang up
//	controls   the round keys of a call: microphone, camera, screen, messages
//	stage      the friend, who fills it, and the person in a corner
//	devices    the dialog that chooses a microphone, a camera and a speaker
//	meterView  how loud the person is, in preview and devices
//	quality    how well the call goes
//	messages   the conversation
//	letters    the dialog of what was written to a contact and by them
//	files      the files of the call, each a fileRow
//
// One goroutine owns them all. What the person does, what the phone reports
// and what an action results in are functions posted to its loop.
//
// The body's data-state and class say the same to the style sheet:
//
//	data-state   starting ready calling ringing connecting connected reconnecting ended failed elsewhere offline
//	class        "in-call" from dialling or answering to the end, "talking" once it was connected,
//	             "lit" with a picture on the stage, "pictured" with one of the friend's,
//	             "reading" with the messages beside it,
//	             "talked" while the conversation of a call that is over can be read,
//	             "peopled" when there are contacts or calls to list, "befriended" when there are contacts,
//	             "named" when the person has said what they are called
//
// What strangers say (names, texts, addresses in errors) gets into the
// document as text only.
package page
