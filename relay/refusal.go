package relay

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// A refusal is the relay's own answer in place of the push service's.
type refusal struct {
	status   int
	sentence string
	wait     time.Duration // until it is worth trying again; zero: nobody knows
}

func (r *refusal) Error() string { return fmt.Sprintf("relay: %d %s", r.status, r.sentence) }

// refuse writes the answer to a message that was not carried, and returns its
// status.
func refuse(w http.ResponseWriter, err error) (status int) {
	var answer *refusal
	switch {
	case errors.As(err, &answer):
	case errors.Is(err, ErrForbidden):
		// For pages to tell it from the 403 of a host without a relay.
		w.Header().Set(refusalHeader, "unknown-service")
		w.Header().Add("Access-Control-Expose-Headers", refusalHeader)
		answer = &refusal{http.StatusForbidden, "The endpoint is not at a push service this relay knows.", 0}
	case errors.Is(err, ErrEndpoint):
		answer = &refusal{http.StatusBadRequest, "The header field Push-Endpoint is not the URL of a push service.", 0}
	default:
		answer = &refusal{http.StatusInternalServerError, "The relay cannot carry this message.", 0}
	}
	if answer.wait > 0 {
		// RFC 9110, Section 10.2.3: whole seconds.
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(answer.wait.Seconds()))))
	}
	http.Error(w, answer.sentence, answer.status)
	return answer.status
}
