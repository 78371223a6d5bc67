/* The moderation page's beginning: which source it has, and which board its address names. */
import { showPage } from '../show-page'
import AdminPage from './AdminPage.svelte'

const [, , board = ''] = location.pathname.split('/')

showPage(AdminPage, { board })
