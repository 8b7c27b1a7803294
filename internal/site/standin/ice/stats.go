package ice

import "time"

// CandidatePairState is the state of a pair in the checklist.
type CandidatePairState int

const (
	CandidatePairStateWaiting CandidatePairState = iota + 1
	CandidatePairStateInProgress
	CandidatePairStateFailed
	CandidatePairStateSucceeded
)

func (s CandidatePairState) String() string {
	switch s {
	case CandidatePairStateWaiting:
		return "waiting"
	case CandidatePairStateInProgress:
		return "in-progress"
	case CandidatePairStateFailed:
		return "failed"
	case CandidatePairStateSucceeded:
		return "succeeded"
	}
	return "Unknown candidate pair state"
}

// CandidatePairStats has the fields that pion/webrtc copies into its statistics.
type CandidatePairStats struct {
	Timestamp                   time.Time
	LocalCandidateID            string
	RemoteCandidateID           string
	State                       CandidatePairState
	Nominated                   bool
	PacketsSent                 uint32
	PacketsReceived             uint32
	BytesSent                   uint64
	BytesReceived               uint64
	LastPacketSentTimestamp     time.Time
	LastPacketReceivedTimestamp time.Time
	FirstRequestTimestamp       time.Time
	LastRequestTimestamp        time.Time
	LastResponseTimestamp       time.Time
	TotalRoundTripTime          float64 // seconds
	CurrentRoundTripTime        float64 // seconds
	AvailableOutgoingBitrate    float64 // bits per second
	AvailableIncomingBitrate    float64 // bits per second
	CircuitBreakerTriggerCount  uint32
	RequestsReceived            uint64
	RequestsSent                uint64
	ResponsesReceived           uint64
	ResponsesSent               uint64
	RetransmissionsReceived     uint64
	RetransmissionsSent         uint64
	ConsentRequestsSent         uint64
	ConsentExpiredTimestamp     time.Time
}
