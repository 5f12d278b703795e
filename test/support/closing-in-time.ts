interface Closable {
  close(): Promise<void>;
}

/**
 * Runs the body of a suite, and closes what it notes: after the test for which it was opened, or after the suite when no
 * test runs yet. The last is closed first, and only when the suite's own hooks are done with it.
 */
export const closingInTime = (body: (note: (opened: Closable) => void) => void): void => {
  const ofSuite: Closable[] = [];
  const ofTest: Closable[] = [];
  let testing = false;
  const closeAll = async (opened: Closable[]): Promise<void> => {
    for (const one of opened.splice(0).reverse()) await one.close();
  };
  beforeEach(() => {
    testing = true;
  });
  body((opened) => (testing ? ofTest : ofSuite).push(opened));
  // Of hooks of one suite, mocha runs first what was registered first.
  afterEach(async () => {
    testing = false;
    await closeAll(ofTest);
  });
  after(() => closeAll(ofSuite));
};
