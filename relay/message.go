package relay

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// maxBody is the largest message carried: the 4096 octets that every push
// service takes (RFC 8030, Section 7.2) and a little more, so that it is the
// service that says where its own limit lies.
const maxBody = 4096 + 512

// message reads the push message and makes the request that carries it on.
func (h *Handler) message(w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	endpoint, err := h.Policy.endpoint(field(r.Header, endpointHeader))
	if err != nil {
		return nil, err
	}
	header, err := forward(r.Header)
	if err != nil {
		return nil, err
	}
	if !takesTopic(endpoint.Hostname(), header.Get("Topic")) {
		return nil, &refusal{http.StatusBadRequest, "The header field Topic is not one that the push service takes.", 0}
	}
	body, err := h.body(w, r)
	if err != nil {
		return nil, err
	}
	message, err := http.NewRequestWithContext(r.Context(), http.MethodPost, "", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	message.URL, message.Host, message.Header = endpoint, endpoint.Host, header
	return message, nil
}

// body reads the whole message before anything is sent, so that a slow client
// costs the push service nothing.
func (h *Handler) body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	// Where the server cannot set deadlines its own have to do.
	server := http.NewResponseController(w)
	_ = server.SetReadDeadline(time.Now().Add(h.timeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, &refusal{http.StatusRequestEntityTooLarge, "The message is larger than push services accept.", 0}
	case err != nil:
		return nil, &refusal{http.StatusRequestTimeout, "The message did not arrive in time.", 0}
	}
	// From here on the server only watches for the client to leave, and takes
	// a deadline that passes for just that.
	_ = server.SetReadDeadline(time.Time{})
	return body, nil
}

// field returns a header field's value, or "". One that is repeated reads as
// the list that it means (RFC 9110, Section 5.3), which none of ours may be.
func field(header http.Header, name string) string {
	return strings.Join(header.Values(name), ", ")
}
