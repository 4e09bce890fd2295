// What the sidebar's page loads.
import "./panel/panel.js";
