// Package phonebook holds contacts, the list of calls and the texts of
// conversations, and defines the archive that moves them to another browser.
//
// A [Book] holds contacts and calls in memory and passes each change to functions
// that save it. A phone, of package call, reads contacts through [call.Config] and
// imports nothing of this package; [Book.Follow] updates the book from each call.
//
// A [Contact], a [Record] (of a call) and an [Entry] (of a conversation) each name
// their fields once, in a method called fields. It serves two forms:
//
//   - the browser's store: an object with every field. A contact's key is its
//     identity, a record's its ID; an entry has With in it, and its key is a number.
//     The service worker reads some fields of contacts and records.
//   - an [Archive]: JSON objects without the fields that are zero or false. It has
//     neither Verified nor Told and Heard, which concern one browser.
//
// In both a card is its JSON as a string, an identity and an ID are base64url, a
// time is a number of milliseconds since 1970, and 0 for the zero time, and a reason
// is its number. An absent field reads as zero: earlier versions stored fewer fields.
//
// [Sealed] is the file of an archive, encrypted with a key made from a passphrase.
//
// The list holds at most [MaxRecords] calls, a conversation [MaxTexts] texts, a
// text [call.MaxText] octets and its ID [call.MaxTextID], a file [MaxArchive].
package phonebook
