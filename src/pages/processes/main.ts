/* The process page's beginning: the one place that knows which source it has. */
import { mount } from 'svelte'
import { chooseSource } from '../../source/choose'
import '../parts/base.css'
import { contextWith } from '../page-source'
import ProcessesPage from './ProcessesPage.svelte'

mount(ProcessesPage, { target: document.body, context: contextWith(chooseSource()) })
