package phonebook

import (
	"time"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/webpush"
)

// A Record is an entry in the list of calls.
type Record struct {
	ID       signaling.CallID
	Identity webpush.PublicKey // of the friend; zero where it never became known
	Card     signaling.Card    // the friend's as the call had it; zero for a missed call that came without
	Outgoing bool
	Time     time.Time // when it began
	Duration time.Duration
	Reason   call.Reason // NoReason: it has not ended, or its page crashed before
	Missed   bool        // it came in, and nobody here answered or declined it
	Seen     bool        // the person has looked at the list since
}

// fields names what is stored of a record, except for its ID: that is its key in the
// browser's store. The service worker reads card, identity, missed and reason.
func (r *Record) fields(f *fields) {
	if id := r.ID.String(); f.archive && f.to != nil {
		f.string("id", &id)
	}
	f.card("card", &r.Card)
	f.identity("identity", &r.Identity)
	f.bool("outgoing", &r.Outgoing)
	f.time("time", &r.Time)
	f.duration("duration", &r.Duration)
	f.reason("reason", &r.Reason)
	f.bool("missed", &r.Missed)
	f.bool("seen", &r.Seen)
}

// Save writes the record for the browser's store.
func (r Record) Save(to Sink) { r.fields(&fields{to: to}) }

// Record reads what Save has written of the record with that ID.
func (r *Reader) Record(id string, from Source) (Record, error) {
	return r.record(id, &fields{Reader: r, from: from})
}

func (r *Reader) record(id string, f *fields) (Record, error) {
	var record Record
	record.fields(f)
	var err error
	record.ID, err = signaling.ParseCallID(id)
	f.failed(err)
	return record, f.err
}
