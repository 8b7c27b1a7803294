// Package dtls stands in for pion/dtls in the page, where the browser implements
// DTLS. It declares the three protection profiles that pion/webrtc names.
package dtls

// SRTPProtectionProfile identifies the encryption of media with keys agreed by DTLS.
type SRTPProtectionProfile uint16

// The profiles have pion's names.
const (
	SRTP_AES128_CM_HMAC_SHA1_80 SRTPProtectionProfile = 0x0001 // RFC 5764, Section 4.1.2
	SRTP_AEAD_AES_128_GCM       SRTPProtectionProfile = 0x0007 // RFC 7714, Section 14.2
	SRTP_AEAD_AES_256_GCM       SRTPProtectionProfile = 0x0008 // RFC 7714, Section 14.2
)
