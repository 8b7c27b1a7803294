// Builds a push message with WebCrypto alone, by RFC 8291 and RFC 8292, as a page
// without Go would, to compare in the benchmark of wasm/browser. The value of this
// file is an async function.

async (endpoint, p256dh, auth, privateKey, plaintext, padded) => {
  const { subtle } = crypto;
  const text = new TextEncoder();
  const join = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
  const base64url = (octets) => btoa(String.fromCharCode(...octets)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const derive = async (ikm, salt, info, octets) => {
    const key = await subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits']);
    return new Uint8Array(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, octets * 8));
  };

  const salt = crypto.getRandomValues(new Uint8Array(16));
  const sender = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  const asPublic = new Uint8Array(await subtle.exportKey('raw', sender.publicKey));
  const uaPublic = await subtle.importKey('raw', p256dh, { name: 'ECDH', namedCurve: 'P-256' }, false, []);
  const secret = await subtle.deriveBits({ name: 'ECDH', public: uaPublic }, sender.privateKey, 256);
  const ikm = await derive(secret, auth, join(text.encode('WebPush: info\0'), p256dh, asPublic), 32);
  const cek = await derive(ikm, salt, text.encode('Content-Encoding: aes128gcm\0'), 16);
  const nonce = await derive(ikm, salt, text.encode('Content-Encoding: nonce\0'), 12);
  const record = new Uint8Array(padded + 1);
  record.set(plaintext);
  record[plaintext.length] = 2;
  const key = await subtle.importKey('raw', cek, 'AES-GCM', false, ['encrypt']);
  const sealed = new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, record));
  const body = join(salt, [0, 0, 16, 0, 65], asPublic, sealed);

  const claims = { aud: new URL(endpoint).origin, exp: Math.floor(Date.now() / 1000) + 12 * 3600 };
  const token = [{ typ: 'JWT', alg: 'ES256' }, claims].map((part) => base64url(text.encode(JSON.stringify(part)))).join('.');
  const applicationServerKey = p256dh; // whichever: it is only written down
  const signer = await subtle.importKey('jwk', privateKey, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const signature = await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, signer, text.encode(token));
  return { body, authorization: `vapid t=${token}.${base64url(new Uint8Array(signature))}, k=${base64url(applicationServerKey)}` };
}
