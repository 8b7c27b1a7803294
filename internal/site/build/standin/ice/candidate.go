package ice

// CandidateType is the type of a candidate: RFC 8445, Section 5.1.1.
type CandidateType byte

// The types of candidates.
const (
	CandidateTypeUnspecified CandidateType = iota
	CandidateTypeHost
	CandidateTypeServerReflexive
	CandidateTypePeerReflexive
	CandidateTypeRelay
)

func (CandidateType) String() string { return "" }

// TCPType is the type of a TCP candidate: RFC 6544, Section 4.5.
type TCPType int

// NewTCPType returns the zero value.
func NewTCPType(string) TCPType { return 0 }

func (TCPType) String() string { return "" }

// Candidate is what pion/webrtc asks a candidate for.
type Candidate interface {
	ID() string
	Foundation() string
	Component() uint16
	NetworkType() NetworkType
	Priority() uint32
	Address() string
	Port() int
	Type() CandidateType
	TCPType() TCPType
	RelatedAddress() *CandidateRelatedAddress
	Marshal() string
	String() string
}

// CandidateRelatedAddress is the address that a candidate was derived from.
type CandidateRelatedAddress struct {
	Address string
	Port    int
}

// CandidateHostConfig describes a host candidate.
type CandidateHostConfig struct {
	CandidateID string
	Network     string
	Address     string
	Port        int
	Component   uint16
	Priority    uint32
	Foundation  string
	TCPType     TCPType
}

// CandidateServerReflexiveConfig describes a server-reflexive candidate.
type CandidateServerReflexiveConfig struct {
	CandidateID string
	Network     string
	Address     string
	Port        int
	Component   uint16
	Priority    uint32
	Foundation  string
	RelAddr     string
	RelPort     int
}

// CandidatePeerReflexiveConfig describes a peer-reflexive candidate.
type CandidatePeerReflexiveConfig CandidateServerReflexiveConfig

// CandidateRelayConfig describes a relayed candidate.
type CandidateRelayConfig CandidateServerReflexiveConfig

// NewCandidateHost returns ErrBrowser.
func NewCandidateHost(*CandidateHostConfig) (Candidate, error) { return nil, ErrBrowser }

// NewCandidateServerReflexive returns ErrBrowser.
func NewCandidateServerReflexive(*CandidateServerReflexiveConfig) (Candidate, error) {
	return nil, ErrBrowser
}

// NewCandidatePeerReflexive returns ErrBrowser.
func NewCandidatePeerReflexive(*CandidatePeerReflexiveConfig) (Candidate, error) {
	return nil, ErrBrowser
}

// NewCandidateRelay returns ErrBrowser.
func NewCandidateRelay(*CandidateRelayConfig) (Candidate, error) { return nil, ErrBrowser }

// UnmarshalCandidate returns ErrBrowser.
func UnmarshalCandidate(string) (Candidate, error) { return nil, ErrBrowser }
