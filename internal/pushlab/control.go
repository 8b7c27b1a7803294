package pushlab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
)

// control is the lab's own HTTP interface, for tests in any language:
//
//	GET    /lab/messages   every [Record] so far, oldest first
//	POST   /lab/faults     [{"fault":"drop"},{"fault":"delay","ms":800}]: faults of the next messages, see [Fault]
//	POST   /lab/faults     {"seed":7,"drop":0.1,"429":0.05}: random faults, see [ParseSchedule];
//	                       the answer is {"schedule":"seed=7,drop=0.1,429=0.05"}
//	DELETE /lab/faults     ends both kinds
//
// It has no CORS headers, so that no page can read messages to others or inject
// faults.
type control struct {
	records *recorder
	faults  *Faults
	stores  []*store
}

// maxFaultsBody is the limit for a list of faults, in octets.
const maxFaultsBody = 1 << 20

func (c control) register(mux *http.ServeMux) {
	own := http.NewCrossOriginProtection()
	mux.HandleFunc("GET /lab/messages", c.serveMessages)
	mux.Handle("POST /lab/faults", own.Handler(http.HandlerFunc(c.addFaults)))
	mux.Handle("DELETE /lab/faults", own.Handler(http.HandlerFunc(c.clearFaults)))
}

func (c control) serveMessages(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, c.records.all())
}

func (c control) addFaults(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxFaultsBody))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer := struct {
		Schedule string `json:"schedule,omitempty"`
	}{}
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		answer.Schedule, err = c.follow(body)
	} else {
		err = c.add(body)
	}
	if err != nil {
		http.Error(w, strings.TrimPrefix(err.Error(), "pushlab: "), http.StatusBadRequest)
		return
	}
	writeJSON(w, answer)
}

func (c control) follow(text []byte) (string, error) {
	schedule, err := parseScheduleJSON(text)
	if err != nil {
		return "", err
	}
	schedule, err = c.faults.Follow(schedule)
	return schedule.String(), err
}

// add queues all faults of a list, or none if one is wrong. A fault for an unknown
// endpoint is an error, since it would wait for ever.
func (c control) add(text []byte) error {
	faults, err := parseFaults(text)
	if err != nil {
		return err
	}
	for _, fault := range faults {
		if fault.Endpoint != "" && !c.known(fault.Endpoint) {
			return fmt.Errorf("%w: nobody has the endpoint %q", ErrFault, fault.Endpoint)
		}
	}
	return c.faults.Add(faults...)
}

func (c control) known(endpoint string) bool {
	for _, store := range c.stores {
		if sub, _ := store.find(path.Base(endpoint)); sub != nil {
			return true
		}
	}
	return false
}

func (c control) clearFaults(w http.ResponseWriter, r *http.Request) {
	c.faults.Clear()
	w.WriteHeader(http.StatusNoContent)
}

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(value)
}
