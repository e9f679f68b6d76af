"""All that a page has stored in its browser, for tests that look for what must not be there."""

STORED = """async () => {
  const found = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), ...(await caches.keys())];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((done) => { indexedDB.open(name).onsuccess = (event) => done(event.target.result); });
    for (const store of database.objectStoreNames) {
      const reading = database.transaction(store).objectStore(store);
      const all = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
      const [keys, values] = [await all(reading.getAllKeys()), await all(reading.getAll())];
      keys.forEach((key, index) => found.push(`${key} = ${JSON.stringify(values[index])}`));
      for (const value of values) if (value.privateKey) found.push(`extractable: ${value.privateKey.extractable}`);
    }
  }
  return found.join("\\n");
}"""
"""Local and session storage, caches, and every IndexedDB database, as one text."""
