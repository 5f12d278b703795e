const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

/** The spec reporter, and after it the skipped tests by name; leaves the figures in the file named by FIGURES. */
module.exports = class SpecWithFigures extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.once('end', () => {
      if (skipped.length > 0) console.log(['Skipped:', ...skipped].join('\n  '), '\n');
      writeFileSync(process.env.FIGURES, `${this.stats.passes} passed, ${this.stats.failures} failed\n`);
    });
  }
};
