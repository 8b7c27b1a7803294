// Calls one function below once per element of the JSON array on stdin and
// prints the array of its results. Octets are base64 both ways.
//
//   node interop.mjs <node_modules> <function>

import crypto from 'node:crypto';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { json } from 'node:stream/consumers';

const [nodeModules, name] = process.argv.slice(2);
const require = createRequire(resolve(nodeModules, 'interop.js'));
const ece = require('http_ece');
const webpush = require('web-push');

const octets = (text) => Buffer.from(text, 'base64');

const functions = {
  decrypt({ privateKey, authSecret, body }) {
    const key = crypto.createECDH('prime256v1');
    key.setPrivateKey(octets(privateKey));
    return ece.decrypt(octets(body), { version: 'aes128gcm', privateKey: key, authSecret }).toString('base64');
  },

  encrypt({ uaPublic, authSecret, plaintext, recordSize, padding }) {
    const privateKey = crypto.createECDH('prime256v1');
    privateKey.generateKeys();
    const params = { version: 'aes128gcm', dh: uaPublic, privateKey, authSecret, rs: recordSize, pad: padding };
    return ece.encrypt(octets(plaintext), params).toString('base64');
  },

  // request makes a key pair, as `web-push generate-vapid-keys` does, and a request with it.
  request({ subscription, plaintext, subject, TTL, urgency, topic }) {
    const vapidDetails = { subject, ...webpush.generateVAPIDKeys() };
    const { method, endpoint, headers, body } = webpush.generateRequestDetails(subscription, octets(plaintext), { vapidDetails, TTL, urgency, topic });
    const header = Object.fromEntries(Object.entries(headers).map(([field, value]) => [field, String(value)]));
    return { method, url: endpoint, header, body: body.toString('base64'), vapid: vapidDetails };
  },

  // verify is OpenSSL's opinion of an ES256 signature.
  verify({ publicKey, message, signature }) {
    const point = octets(publicKey);
    const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
    const key = crypto.createPublicKey({ key: jwk, format: 'jwk' });
    return crypto.verify('sha256', octets(message), { key, dsaEncoding: 'ieee-p1363' }, octets(signature));
  },
};

console.log(JSON.stringify((await json(process.stdin)).map(functions[name])));
