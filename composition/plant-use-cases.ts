import { ContainerModule } from 'inversify';
import { ImportLinks, KeepLinks, ViewPlant } from '../application/index.js';
import { ports } from './tokens.js';

export const plant = () =>
  new ContainerModule(({ bind }) => {
    bind(KeepLinks)
      .toResolvedValue((work, clock) => new KeepLinks(work, clock), [ports.work, ports.clock])
      .inSingletonScope();
    bind(ImportLinks)
      .toResolvedValue((work, clock) => new ImportLinks(work, clock), [ports.work, ports.clock])
      .inSingletonScope();
    bind(ViewPlant)
      .toResolvedValue(
        (rows, crossConnects, clock) => new ViewPlant(rows, crossConnects, clock),
        [ports.plant, ports.crossConnects, ports.clock],
      )
      .inSingletonScope();
  });
