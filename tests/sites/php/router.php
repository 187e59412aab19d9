<?php
// For `php -S`: files as they are, our own door for changing things, and WordPress for all the rest.
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/_act') {
    require __DIR__ . '/act.php';
    return true;
}
if ($path !== '/' && is_file(getenv('SITE_ROOT') . $path)) {
    return false;
}
$_SERVER['SCRIPT_NAME'] = '/index.php';
$_SERVER['SCRIPT_FILENAME'] = getenv('SITE_ROOT') . '/index.php';
require getenv('SITE_ROOT') . '/index.php';
