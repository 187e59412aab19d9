<?php
// What people do on the site: a list of acts as JSON, done with WordPress's own functions. Answers a list of ids.
require getenv('SITE_ROOT') . '/wp-load.php';

function comment_made(array $act): int {
    return wp_insert_comment(wp_slash([
        'comment_post_ID' => $act['post'],
        'comment_content' => $act['text'],
        'comment_author' => $act['author'],
        'comment_author_email' => 'reader@example.org',
        'comment_author_IP' => '10.0.0.1',
        'comment_parent' => $act['parent'],
        'comment_approved' => $act['status'],
        'comment_type' => $act['type'],
        'comment_date_gmt' => $act['at'],
        'comment_date' => get_date_from_gmt($act['at']),
    ]));
}

function done(array $act): int {
    switch ($act['do']) {
        case 'comment':
            return comment_made($act);
        case 'edit':
            wp_update_comment(wp_slash(['comment_ID' => $act['id'], 'comment_content' => $act['text']]));
            return $act['id'];
        case 'status':
            wp_set_comment_status($act['id'], $act['status']);
            return $act['id'];
        case 'trash':
            wp_trash_comment($act['id']);
            return $act['id'];
        case 'untrash':
            wp_untrash_comment($act['id']);
            return $act['id'];
        case 'delete':
            wp_delete_comment($act['id'], true);
            return $act['id'];
        case 'theme':
            switch_theme($act['name']);
            return 0;
        case 'option':
            update_option($act['name'], $act['value']);
            return 0;
    }
    throw new InvalidArgumentException($act['do']);
}

header('Content-Type: application/json');
echo json_encode(array_map('done', json_decode(file_get_contents('php://input'), true)));
