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
	Identity webpush.PublicKey // of the friend; zero if it never became known
	Card     signaling.Card    // of the friend, during the call; zero for a missed call whose offer had none
	Outgoing bool
	Time     time.Time     // when the call began
	Duration time.Duration // of the connection; zero for a call that never connected
	Reason   call.Reason   // NoReason: the call has not ended, or its page crashed before its end
	Missed   bool          // an incoming call that nobody here answered or declined
	Seen     bool          // of a missed call: the person has seen the list since
	Heard    time.Time     // of an incoming call that rang: the friend's newest push message, by their clock
}

// Unseen reports whether the call is a missed one that the person has not seen.
func (r *Record) Unseen() bool { return r.Missed && !r.Seen }

// conclude gives an outgoing call that nothing more will be heard of a reason. It
// reports whether the call had none. A call that came in has none either: it may ring
// again, by a newer offer of its caller: see Book.Answered.
func (r *Record) conclude() bool {
	switch {
	case r.Reason != call.NoReason || !r.Outgoing:
		return false
	case r.Duration > 0:
		r.Reason = call.HungUp
	default:
		r.Reason = call.Cancelled
	}
	return true
}

// fields names the stored fields of a record, except for its ID, which is its key in the
// browser's store. The service worker reads card, heard, identity, missed and reason.
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
	if f.to == nil || !r.Heard.IsZero() {
		f.time("heard", &r.Heard)
	}
}

// Save writes the record's fields for the browser's store.
func (r Record) Save(to Sink) { r.fields(&fields{to: to}) }

// Record reads the record with an ID that Save has written.
func (r *Reader) Record(id string, from Source) (Record, error) {
	return r.record(id, &fields{Reader: r, from: from})
}

func (r *Reader) record(id string, f *fields) (Record, error) {
	var record Record
	record.fields(f)
	var err error
	record.ID, err = signaling.ParseCallID(id)
	f.fail(err)
	return record, f.err
}
