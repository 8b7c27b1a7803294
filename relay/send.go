package relay

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
)

// maxAnswer bounds the header of the push service's answer, and what is read
// of its body; octets.
const maxAnswer = 16 << 10

// send sends the message and passes on the status of the answer and what the
// page needs of its header. The answer's body is dropped: it is the relay's
// origin it would seem to come from.
func (h *Handler) send(w http.ResponseWriter, message *http.Request) (Outcome, error) {
	ctx, cancel := context.WithTimeout(message.Context(), h.timeout)
	defer cancel()
	answer, err := h.exchange(message.WithContext(ctx))
	switch {
	case err != nil && ctx.Err() != nil:
		return Outcome{}, &refusal{http.StatusGatewayTimeout, "The push service did not answer in time.", 0}
	case errors.Is(err, ErrAddress):
		return Outcome{}, &refusal{http.StatusBadGateway, "The push service has no public address.", 0}
	case err != nil:
		return Outcome{}, &refusal{http.StatusBadGateway, "The push service could not be reached.", 0}
	}
	defer discard(answer.Body)
	outcome := Outcome{Status: answer.StatusCode, PushStatus: answer.StatusCode}
	w.Header().Set(statusHeader, strconv.Itoa(answer.StatusCode))
	if !passes(answer.StatusCode) {
		return outcome, &refusal{http.StatusBadGateway, "The push service's answer is not one to a message.", 0}
	}
	for _, name := range answered {
		if value := answer.Header.Get(name); value != "" {
			w.Header().Set(name, value)
		}
	}
	if answer.StatusCode != http.StatusNoContent {
		w.Header().Set("Content-Length", "0")
	}
	w.WriteHeader(answer.StatusCode)
	_ = http.NewResponseController(w).Flush() // the body may take its time
	return outcome, nil
}

// discard reads what is left of a short body, so that the connection can be
// used again.
func discard(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, maxAnswer)
	_ = body.Close()
}

// passes reports whether a browser hands the status to the page as it is.
// Redirects it follows, and it may send a request again by itself, or blame a
// proxy, for those named below.
func passes(status int) bool {
	switch status {
	case http.StatusProxyAuthRequired, http.StatusRequestTimeout, http.StatusMisdirectedRequest:
		return false
	}
	return 200 <= status && status < 300 || 400 <= status && status < 600
}
