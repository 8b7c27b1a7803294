// Package phonebook keeps what a person has of others: their contacts, the list of
// calls, the texts of their conversations, and the archive by which all of that
// moves to another browser.
//
// A [Book] holds contacts and calls in memory and reports each change to whoever
// stores it. A phone, of package call, reads contacts through [call.Config] and
// imports nothing of this package; the book follows each of its calls.
//
// An [Archive] is the JSON of everything, with a new identity for the browser that
// reads it. [Sealed] is that archive under a passphrase, as it is in a file.
package phonebook
