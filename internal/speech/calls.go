package speech

import (
	"time"

	"pushcall/call"
	"pushcall/phonebook"
)

// WhatWas says what became of a call, how long it took and when it was.
func (v Voice) WhatWas(r phonebook.Record, now time.Time) string {
	return v.comma(v.whatBecame(r), v.Moment(r.Time, now))
}

func (v Voice) whatBecame(r phonebook.Record) string {
	way := v.Say("Incoming")
	switch {
	case r.Missed:
		return v.Say("Missed")
	case r.Outgoing:
		way = v.Say("Outgoing")
	}
	if r.Duration > 0 {
		return v.comma(way, v.Brief(r.Duration))
	}
	switch r.Reason {
	case call.NoAnswer:
		return v.comma(way, v.Say("no answer"))
	case call.Declined:
		return v.comma(way, v.Say("declined"))
	case call.Busy:
		return v.comma(way, v.Say("busy"))
	case call.Cancelled:
		return v.comma(way, v.Say("cancelled"))
	case call.Unreachable, call.Refused, call.TooMany, call.Undelivered, call.Unnamed, call.Uncarried:
		return v.comma(way, v.Say("unreachable"))
	default:
		return v.comma(way, v.Say("not connected"))
	}
}

// comma says two things one after the other.
func (v Voice) comma(what, more string) string {
	return v.Say("{what}, {more}", "what", what, "more", more)
}
