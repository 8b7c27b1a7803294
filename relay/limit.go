package relay

import (
	"container/list"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limit bounds what clients may ask for. Fields that are zero or negative have
// defaults made for people who call each other: a call takes one or two messages.
type Limit struct {
	// Rate is how many messages one client may send in a second, in the long
	// run. Zero means 1.
	Rate float64

	// Burst is how many messages one client may send at once. Zero means 30.
	Burst int

	// Concurrent is how many messages may be on their way to push services at
	// a time, from all clients. Zero means 128.
	Concurrent int

	// Timeout is how long a message may take to arrive at the relay, and again
	// how long the push service may take to answer. Zero means 10 s.
	Timeout time.Duration
}

func (l Limit) withDefaults() Limit {
	if l.Rate <= 0 {
		l.Rate = 1
	}
	if l.Burst <= 0 {
		l.Burst = 30
	}
	if l.Concurrent <= 0 {
		l.Concurrent = 128
	}
	if l.Timeout <= 0 {
		l.Timeout = 10 * time.Second
	}
	return l
}

// maxBuckets is how many clients are told apart: 2 MB of memory. The client
// not seen for longest is forgotten first, which gives it a full bucket again;
// after that long it mostly has one anyway.
const maxBuckets = 8192

// buckets has a token bucket for each client.
type buckets struct {
	rate  rate.Limit
	burst int

	mu       sync.Mutex
	byClient map[netip.Prefix]*list.Element // of order
	order    list.List                      // of *bucket; the client seen last in front
}

type bucket struct {
	client  netip.Prefix
	limiter *rate.Limiter
}

func newBuckets(l Limit) *buckets {
	return &buckets{
		rate:     rate.Limit(l.Rate),
		burst:    l.Burst,
		byClient: make(map[netip.Prefix]*list.Element),
	}
}

// take takes a token from the client's bucket. When there is none it returns
// how long it takes until there is one.
func (b *buckets) take(client netip.Prefix, now time.Time) (wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	reservation := b.limiter(client).ReserveN(now, 1)
	wait = reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
	}
	return wait
}

func (b *buckets) limiter(client netip.Prefix) *rate.Limiter {
	if element, ok := b.byClient[client]; ok {
		b.order.MoveToFront(element)
		return element.Value.(*bucket).limiter
	}
	if b.order.Len() >= maxBuckets {
		oldest := b.order.Remove(b.order.Back()).(*bucket)
		delete(b.byClient, oldest.client)
	}
	limiter := rate.NewLimiter(b.rate, b.burst)
	b.byClient[client] = b.order.PushFront(&bucket{client, limiter})
	return limiter
}
