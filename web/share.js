// Hands to the page's program what another program has shared with the page. The
// service worker has stored it: see share in service-worker.js.

Object.assign(globalThis, { sharedFiles });

/** Returns the files, and deletes them from the store: they are for this page alone. */
async function sharedFiles() {
  const name = new URL('share', document.baseURI).href;
  const cache = await caches.open(name);
  const files = await Promise.all((await cache.keys()).map(async (request) => {
    const blob = await (await cache.match(request))?.blob() ?? new Blob();
    return new File([blob], decodeURIComponent(new URL(request.url).search.slice(1)), { type: blob.type });
  }));
  await caches.delete(name);
  return files;
}
