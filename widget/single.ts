import './script.js';
import './define-history.js';

// Everything in one file.
