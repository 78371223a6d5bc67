/* The moderation page's beginning: which source it has, and which board its address names. */
import { here } from '../../source/address'
import { showPage } from '../show-page'
import AdminPage from './AdminPage.svelte'

const [, , board = ''] = here().pathname.split('/')

showPage(AdminPage, { board })
