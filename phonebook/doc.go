// Package phonebook keeps what a person has of others: their contacts, the list of
// calls, the texts of their conversations, and the archive by which all of that
// moves to another browser.
//
// A [Book] holds contacts and calls in memory and reports each change to whoever
// stores it. A phone, of package call, reads contacts through [call.Config] and
// imports nothing of this package; the book follows each of its calls.
//
// A [Contact], a [Record] (of a call) and an [Entry] (of a conversation) each name
// their fields once, in a method of that name. Two forms are made of it:
//
//   - the browser's store: an object with every field. A contact's key is its
//     identity, a record's its ID; an entry has With in it, and its key is a number.
//     The service worker reads some fields of contacts and records.
//   - an [Archive]: JSON objects that leave out what is zero or false. It does not say
//     who was verified, nor what contacts were told of one browser's card.
//
// In both a card is its JSON as a string, an identity and an ID are base64url, a
// time is a number of milliseconds since 1970, and 0 for the zero time, and a reason
// is its number. A field that is not there reads as zero: earlier versions stored
// fewer.
//
// [Sealed] is an archive under a passphrase, as it is in a file.
//
// The list has room for [MaxRecords] calls, a conversation for [MaxTexts] texts, a
// text for [call.MaxText] octets and its ID for [call.MaxTextID], a file for
// [MaxArchive].
package phonebook
