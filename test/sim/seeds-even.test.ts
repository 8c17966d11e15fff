/** Seeds of the simulator, the other half; see the file beside this one, so that both cores have work. */

import { seedsTest } from './seeds.ts'

seedsTest('even')
