<?php
// Makes the site: tables, a moderator, options, two themes' worth of settings. Prints what a test must know.
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = parse_url(getenv('SITE_URL'), PHP_URL_HOST) . ':' . parse_url(getenv('SITE_URL'), PHP_URL_PORT);
$_SERVER['REQUEST_URI'] = '/';
function wp_new_blog_notification() {}
require getenv('SITE_ROOT') . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

$made = wp_install('Lab Gazette', 'moderator', 'moderator@example.org', true, '', 'not used');
switch_theme('twentytwentyone');
foreach ([
    'timezone_string' => 'America/New_York',
    'permalink_structure' => '/%postname%/',
    'comment_moderation' => 0,
    'comment_previously_approved' => 0,
    'close_comments_for_old_posts' => 0,
    'thread_comments' => 1,
    'thread_comments_depth' => 5,
    'page_comments' => 1,
    'comments_per_page' => 50,
    'default_comments_page' => 'newest',
    'comment_order' => 'asc',
] as $name => $value) {
    update_option($name, $value);
}
flush_rewrite_rules();
foreach (get_comments(['fields' => 'ids', 'status' => 'all']) as $greeting) {
    wp_delete_comment($greeting, true);
}
[$password] = WP_Application_Passwords::create_new_application_password($made['user_id'], ['name' => 'comment-monitor']);
$published = fn($title, $secret) => wp_insert_post([
    'post_title' => $title, 'post_content' => 'Body', 'post_status' => 'publish',
    'post_password' => $secret, 'comment_status' => 'open', 'post_author' => $made['user_id'],
]);
echo json_encode(['password' => $password, 'open' => $published('Council votes on bridge', ''), 'protected' => $published('Protected', 'x')]);
