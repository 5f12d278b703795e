/** Runs `farewell` however this process ends, short of a kill -9. @returns a function that calls it off. */
export const atTheEnd = (farewell: () => void): (() => void) => {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const onSignal = (signal: NodeJS.Signals) => {
    farewell();
    // Only now: mocha sends two signals for one Ctrl-C, and the second must not cut the farewell short.
    callOff();
    process.kill(process.pid, signal);
  };
  const callOff = () => {
    process.off('exit', farewell);
    for (const signal of signals) process.off(signal, onSignal);
  };
  process.on('exit', farewell);
  for (const signal of signals) process.on(signal, onSignal);
  return callOff;
};
