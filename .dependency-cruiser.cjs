/**
 * Who may import whom. `npm run arch` runs these rules; test/architecture/probes.test.ts proves that each of them fires.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'domain/ imports only domain/: no packages, no node: modules, no layers above.',
      from: { path: '^domain/' },
      to: { pathNot: '^domain/' },
    },
    {
      name: 'application-knows-only-domain',
      severity: 'error',
      comment: 'A use case reaches the world through its ports.',
      from: { path: '^application/' },
      to: { pathNot: '^(application|domain)/' },
    },
    {
      name: 'adapters-do-not-compose',
      severity: 'error',
      comment: 'composition/ chooses the adapters, never the other way round.',
      from: { path: '^adapters/' },
      to: { path: '^composition/' },
    },
    {
      name: 'adapters-ignore-each-other',
      severity: 'error',
      comment: 'Adapters meet in a port; composition/ plugs them together. Which package drives SQLite is chosen once.',
      from: { path: '^adapters/([^/]+)/' },
      to: { path: '^adapters/', pathNot: '^adapters/($1/|sqlite-driver\\.ts$)' },
    },
    {
      name: 'only-composition-knows-the-container',
      severity: 'error',
      comment: 'Classes take their ports as constructor arguments; only composition/ knows who passes them.',
      from: { pathNot: '^(composition|test)/' },
      to: { path: 'node_modules/(inversify|reflect-metadata)/' },
    },
    {
      name: 'contexts-meet-in-shared',
      severity: 'error',
      comment: 'A context reaches another through its index or its ports; shared/ is open to all.',
      from: { path: '^(domain|application)/([^/]+)/' },
      to: { path: '^$1/', pathNot: '^$1/($2|shared)/|/index\\.ts$|^$1/[^/]+/ports\\.ts$' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Files that need each other are one file, or hide a third idea.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-ships-tests',
      severity: 'error',
      comment: 'What runs in production does not import what proves, measures or packs it.',
      from: { pathNot: '^(test|bench|examples|packaging)/' },
      to: { path: '^(test|bench|examples|packaging)/' },
    },
    {
      name: 'contracts-stand-alone',
      severity: 'error',
      comment:
        'test/contracts ships (package export "./contracts"), so it may use only what ships and the test framework.',
      from: { path: '^test/contracts/' },
      to: {
        dependencyTypesNot: ['core'],
        pathNot: '^(domain|application|test/contracts)/|node_modules/(@types/)?(chai|mocha|fast-check)/',
      },
    },
    {
      name: 'pact-states-are-made-by-use-cases',
      severity: 'error',
      comment: 'What a consumer takes for granted has to be something that people can bring about.',
      from: { path: '^test/pact/states/' },
      to: { path: '^(adapters|composition)/' },
    },
    {
      name: 'shipped-code-uses-listed-packages',
      severity: 'error',
      comment: 'A production install holds the "dependencies" of package.json only; types are gone by then.',
      from: { path: '^(domain|application|adapters|composition)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'An import that leads nowhere.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Sees type-only imports too: they couple as well.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    preserveSymlinks: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
