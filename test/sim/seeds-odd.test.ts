/** Seeds of the simulator, every other one; the file beside this one has the rest, so that both cores have work. */

import { seedsTest } from './seeds.ts'

seedsTest('odd')
