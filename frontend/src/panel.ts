// What the sidebar's page loads. Import here the modules that define its elements.
export {};
