package pushlab

import (
	"encoding/json"
	"net/http"
)

// control is the lab's own HTTP interface, for tests in any language:
//
//	GET /lab/messages   every [Record] so far, oldest first
//
// It has no CORS headers: no page is to read what others were sent.
type control struct {
	records *recorder
}

func (c control) register(mux *http.ServeMux) {
	mux.HandleFunc("GET /lab/messages", c.serveMessages)
}

func (c control) serveMessages(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(c.records.all())
}
