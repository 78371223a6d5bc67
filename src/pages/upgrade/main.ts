/* The upgrade page's beginning. */
import { showPage } from '../show-page'
import UpgradePage from './UpgradePage.svelte'

showPage(UpgradePage, {})
