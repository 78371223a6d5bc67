/* A farm of visitors in an OS process of its own, for test/chaos. */
import { runFarm } from '../../chaos/farm'

runFarm()
