/** What a test opens and somebody has to close, whatever becomes of the test. */
export interface Closable {
  stop?(): void;
  close?(): void;
}

/** For a suite: gives back what it is given, and closes it after the test, the last one first. */
export const closedAfterwards = (): (<T extends Closable>(thing: T) => T) => {
  const open: Closable[] = [];
  afterEach(() => {
    for (const thing of open.splice(0).reverse()) {
      thing.stop?.();
      thing.close?.();
    }
  });
  return (thing) => {
    open.push(thing);
    return thing;
  };
};
