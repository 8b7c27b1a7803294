package pushlab

import (
	"crypto/rand"
	"encoding/binary"
	"io"
	"net/http"
	"strconv"
	"time"
)

// maxCheckin is the limit for a check-in request. Chromium's, which describes the
// browser, has about 100 octets.
const maxCheckin = 64 << 10 // octets

// device is a Chromium profile's login: a number and a secret, which the service
// chooses at the profile's first check-in.
type device struct {
	id     uint64
	secret uint64
}

// serveCheckin answers POST /checkin. A Chromium profile gets its login by its
// first check-in and repeats it every two days.
func (f *fcm) serveCheckin(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCheckin))
	if err != nil {
		http.Error(w, "check-in too large", http.StatusRequestEntityTooLarge)
		return
	}
	fields, err := parseProtobuf(body)
	if err != nil {
		http.Error(w, "check-in is not protobuf", http.StatusBadRequest)
		return
	}
	var d device
	for _, field := range fields {
		switch field.id {
		case 2: // id
			d.id = field.number
		case 13: // security_token
			d.secret = field.number
		}
	}
	if f.agent(d) == nil {
		d = newDevice()
		f.store.addAgent(d.name(), d.password())
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
	w.Write(protobuf{}.
		number(1, 1). // stats_ok
		number(3, uint64(time.Now().UnixMilli())).
		fixed64(7, d.id).
		fixed64(8, d.secret).
		number(9, 0)) // settings_diff: no settings follow
}

// agent returns the user agent with a login, or nil if the lab did not issue it.
func (f *fcm) agent(d device) *agent {
	return f.store.findAgent(d.name(), d.password())
}

// newDevice returns a random login. Its number has 63 bits, the highest of them
// set, since Chromium treats 0 as no login and writes the number as signed in places.
func newDevice() device {
	var random [16]byte
	rand.Read(random[:])
	return device{
		id:     binary.LittleEndian.Uint64(random[:8])>>1 | 1<<62,
		secret: binary.LittleEndian.Uint64(random[8:])>>1 | 1<<62,
	}
}

// parseDevice parses a login's decimal numbers. Text that is no number becomes 0,
// which no login has.
func parseDevice(id, secret string) device {
	var d device
	var idErr, secretErr error
	d.id, idErr = strconv.ParseUint(id, 10, 64)
	d.secret, secretErr = strconv.ParseUint(secret, 10, 64)
	if idErr != nil || secretErr != nil {
		return device{}
	}
	return d
}

func (d device) name() string     { return strconv.FormatUint(d.id, 10) }
func (d device) password() string { return strconv.FormatUint(d.secret, 10) }
