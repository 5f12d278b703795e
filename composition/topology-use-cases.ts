import { ContainerModule } from 'inversify';
import {
  BookTopology,
  ForecastAvailability,
  ForecastOutlook,
  KeepTopologies,
  ResolveTopology,
  ReviewTopologies,
  TopologyLab,
  type BookingTerms,
} from '../application/index.js';
import { parseTopology } from '../domain/index.js';
import { ports } from './tokens.js';

export const topology = (terms: BookingTerms) =>
  new ContainerModule(({ bind }) => {
    bind(ports.outlook)
      .toResolvedValue((plant, forecasts) => new ForecastOutlook(plant, forecasts), [ports.plant, ForecastAvailability])
      .inSingletonScope();
    bind(TopologyLab)
      .toResolvedValue(
        (plant, crossConnects, listings, solver, clock) =>
          new TopologyLab(plant, crossConnects, listings, solver, clock, terms),
        [ports.plant, ports.crossConnects, ports.bookings, ports.solver, ports.clock],
      )
      .inSingletonScope();
    bind(ResolveTopology)
      .toResolvedValue((lab, outlook) => new ResolveTopology(lab, outlook), [TopologyLab, ports.outlook])
      .inSingletonScope();
    bind(BookTopology)
      .toResolvedValue(
        (work, lab, calendars, users, ids) => new BookTopology(work, lab, calendars, users, ids, terms),
        [ports.work, TopologyLab, ports.calendars, ports.users, ports.ids],
      )
      .inSingletonScope();
    bind(KeepTopologies)
      .toResolvedValue(
        (work, lists, users, clock) => new KeepTopologies(work, lists, users, clock),
        [ports.work, ports.topologies, ports.users, ports.clock],
      )
      .inSingletonScope();
    bind(ReviewTopologies)
      .toResolvedValue(
        (work, lists, resolver, clock) => new ReviewTopologies(work, lists, resolver, clock, parseTopology),
        [ports.work, ports.topologies, ResolveTopology, ports.clock],
      )
      .inSingletonScope();
  });
