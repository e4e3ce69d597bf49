import { measureCliffs } from './cliffs.ts';

console.log(JSON.stringify(measureCliffs()));
