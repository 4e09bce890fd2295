// What a dashboard loads. Import here the modules that define the card's elements.
export {};
